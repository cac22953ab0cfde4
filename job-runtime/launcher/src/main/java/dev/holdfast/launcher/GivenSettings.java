package dev.holdfast.launcher;

import java.util.Map;

/**
 * The settings that a process was given.
 *
 * @param values by name, those that were given only
 * @param sources where each comes from
 */
record GivenSettings(Map<String, String> values, Map<String, String> sources) {}
