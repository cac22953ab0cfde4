/**
 * Messages over connections. A {@link dev.holdfast.engine.link.MessageLink} is one connection between coordinator and worker, seen
 * from one side: {@link dev.holdfast.engine.link.MessageCodec} makes frames of messages and messages of frames, in this one place;
 * what comes is left in the mailbox of the link's owner. Coordinator and worker own links; what they say is in {@code protocol}.
 */
@NullMarked
package dev.holdfast.engine.link;

import org.jspecify.annotations.NullMarked;
