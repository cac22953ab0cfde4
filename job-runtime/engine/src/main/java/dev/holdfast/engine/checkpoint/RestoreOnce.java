package dev.holdfast.engine.checkpoint;

import java.util.Optional;

/**
 * What a user wants a job to start from, done once. The same request is given to every start of a process that something
 * starts again by itself; the log decides whether it is still to be done.
 *
 * <ol>
 *   <li>The log has not honoured it, or another one since: it is done, and the Begin says so.
 *   <li>The log has honoured it, and no checkpoint was completed since: it is done again, since nothing else is there.
 *   <li>The log has honoured it, and a checkpoint was completed since: the job goes on from where it stopped.
 * </ol>
 *
 * Only the newest request that was honoured counts: one that a different one replaced is done again when it comes again.
 *
 * @param request as the user gave it
 * @param identity of the request; empty if nothing special is asked for
 */
public record RestoreOnce(RestoreRequest request, Optional<RestoreIdentity> identity) {

    public static RestoreOnce of(JobRoot root, RestoreRequest request, String nonce) {
        Optional<String> what = switch (request) {
            case RestoreRequest.Latest() -> Optional.empty();
            case RestoreRequest.Checkpoint(long checkpointId) -> Optional.of("checkpoint " + checkpointId);
            case RestoreRequest.Savepoint(String location) ->
                Optional.of("savepoint " + RestorePoints.locate(root, location));
            case RestoreRequest.Nothing() -> Optional.of("no state");
        };
        return new RestoreOnce(request, what.map(words -> new RestoreIdentity(words, nonce)));
    }

    /** What is to be restored by a Begin that follows this view. */
    public RestoreRequest effective(LogView view) {
        return isBehind(view) ? new RestoreRequest.Latest() : request;
    }

    /** Whether the request was honoured, and the job has come further since. */
    public boolean isBehind(LogView view) {
        // A checkpoint to go on from that is not the one asked for was completed since: whoever honours another request
        // to
        // restore one says so in its Begin. Without one, as after a cancel that deleted all, the request is all there
        // is.
        return identity.isPresent()
                && view.honoured().equals(identity)
                && view.resumeFrom() instanceof RestoredFrom.Checkpoint(long checkpointId, long slot)
                && !request.equals(new RestoreRequest.Checkpoint(checkpointId));
    }

    /** What a Begin that follows this view says was honoured last. */
    Optional<RestoreIdentity> honoured(LogView view) {
        return identity.or(view::honoured);
    }
}
