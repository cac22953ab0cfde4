/**
 * A whole job in one process: {@link dev.holdfast.engine.local.LocalJob} connects one coordinator and one worker by their
 * mailboxes. What knows both lives here, so that neither knows the other. A launcher or a test makes an env and calls {@code
 * LocalJob.start}; commands go to the coordinator as mail, its status can be read from any thread.
 */
@NullMarked
package dev.holdfast.engine.local;

import org.jspecify.annotations.NullMarked;
