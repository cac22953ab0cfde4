package dev.holdfast.engine.task;

import dev.holdfast.engine.protocol.TaskId;

/** What a task tells its worker. Called on the slot's thread; must only leave mail. */
public interface TaskListener {

    /** The task's part of a checkpoint is on this machine and can be uploaded. */
    void captured(TaskSnapshot snapshot);

    /** The task could not take its part of a checkpoint; it goes on. */
    void declined(TaskId task, long checkpointId, Throwable error);

    /** Everything that a completed checkpoint decided is committed. */
    void committed(TaskId task, long checkpointId);

    /** A reader has nothing left to read. */
    void splitRequested(TaskId task);

    /** The task has come to the end of its input. */
    void drained(TaskId task);

    /** The task failed. After an error of its turn its slot has stopped; after one of a call it runs until it is ended. */
    void failed(TaskId task, Throwable error);
}
