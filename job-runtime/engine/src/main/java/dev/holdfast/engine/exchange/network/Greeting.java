package dev.holdfast.engine.exchange.network;

import dev.holdfast.api.type.DataReader;
import dev.holdfast.api.type.DataWriter;

/**
 * The first frame on a connection between two workers, from the side that opened it, and the answer: who is who.
 *
 * @param job root of the job in the bucket
 * @param name of the worker that sends it
 * @param incarnation of the worker that sends it
 */
record Greeting(String job, String name, long incarnation) {
    /** Of all frames between workers. Must be equal on both sides: the workers of a job run the same release. */
    static final int VERSION = 2;

    byte[] encode() {
        DataWriter out = new DataWriter();
        out.writeByte(Frames.GREETING);
        out.writeVarInt(VERSION);
        out.writeString(job);
        out.writeString(name);
        out.writeLong(incarnation);
        return out.toByteArray();
    }

    /** @throws IllegalStateException if the frame is no greeting of this version; the text says what it is */
    static Greeting decode(byte[] frame) {
        DataReader in = new DataReader(frame);
        int kind = in.readByte();
        if (kind != Frames.GREETING) {
            throw new IllegalStateException("expected a greeting, found a frame of kind " + kind);
        }
        int version = in.readVarInt();
        if (version != VERSION) {
            throw new IllegalStateException("version " + version + " of the frames between workers, expected " + VERSION
                    + ". Run the same release of Holdfast in all processes of a job");
        }
        return new Greeting(in.readString(), in.readString(), in.readLong());
    }
}
