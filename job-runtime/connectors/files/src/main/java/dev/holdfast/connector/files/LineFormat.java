package dev.holdfast.connector.files;

import java.nio.charset.Charset;

/** How bytes become lines. */
record LineFormat(Charset charset, int maxLineBytes, boolean replaceMalformed) {}
