/**
 * A whole job in one process: {@link dev.holdfast.engine.local.LocalJob} connects one coordinator and one worker by their
 * mailboxes. What knows both lives here, so that neither knows the other.
 */
@NullMarked
package dev.holdfast.engine.local;

import org.jspecify.annotations.NullMarked;
