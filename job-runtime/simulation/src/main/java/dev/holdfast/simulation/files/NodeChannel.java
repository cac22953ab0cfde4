package dev.holdfast.simulation.files;

import dev.holdfast.simulation.files.SharedFiles.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** An open file or directory. What is written is seen by all at once, and survives the machine's crash once it is forced. */
final class NodeChannel extends FileChannel {
    private final FilesProvider provider;
    private final String process;
    private final SharedFiles files;
    private final String name;
    private final Node node;
    private final boolean writable;
    private int position;

    NodeChannel(FilesProvider provider, String process, SharedFiles files, String name, Node node, boolean writable) {
        this.provider = provider;
        this.process = process;
        this.files = files;
        this.name = name;
        this.node = node;
        this.writable = writable;
    }

    @Override
    public int read(ByteBuffer target) {
        byte[] bytes = node.bytes();
        int length = Math.min(target.remaining(), bytes.length - position);
        if (length <= 0) {
            return target.hasRemaining() ? -1 : 0;
        }
        target.put(bytes, position, length);
        position += length;
        return length;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!writable) {
            throw new NonWritableChannelException();
        }
        return provider.operation("write " + name, () -> {
            int length = source.remaining();
            byte[] bytes = Arrays.copyOf(node.bytes(), Math.max(node.bytes().length, position + length));
            source.get(bytes, position, length);
            node.content = bytes;
            node.writer = process;
            position += length;
            return length;
        });
    }

    @Override
    public void force(boolean metaData) throws IOException {
        provider.operation("force " + name, () -> {
            if (node.isDirectory()) {
                files.force(name);
            } else {
                node.forced = node.bytes();
            }
            return name;
        });
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = Math.toIntExact(newPosition);
        return this;
    }

    @Override
    public long size() {
        return node.bytes().length;
    }

    @Override
    protected void implCloseChannel() {}

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw unsupported();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw unsupported();
    }

    @Override
    public FileChannel truncate(long size) {
        throw unsupported();
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw unsupported();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long from, long count) {
        throw unsupported();
    }

    @Override
    public int read(ByteBuffer target, long from) {
        throw unsupported();
    }

    @Override
    public int write(ByteBuffer source, long from) {
        throw unsupported();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw unsupported();
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        throw unsupported();
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        throw unsupported();
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException("simulated files are read and written from their position only");
    }
}
