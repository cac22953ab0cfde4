package dev.holdfast.transport.netty;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.engine.env.Clock;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens in a file, one a line. The file is read again with a new connection if the last look is {@link #LOOK_NS} old. What it
 * held before a change is accepted for {@link #OVERLAP_NS} more.
 *
 * <p>To renew a token without one refused connection: add the new one as a second line; when all processes have that, put it first;
 * then take the old one out. Any thread.
 */
final class TokenFile implements Secrets {
    /** A flood of connections must not be a flood of reads. */
    static final long LOOK_NS = 1_000_000_000L;

    /** Kubernetes takes up to some two minutes to bring a changed Secret to all pods; several times that. */
    static final long OVERLAP_NS = 600_000_000_000L;

    /** Shorter ones can be guessed from a recorded hello. */
    private static final int MIN_CHARS = 16;

    private static final int MAX_FILE_BYTES = 4_096;
    private static final int MAX_TOKENS = 4;
    private static final System.Logger LOG = System.getLogger(TokenFile.class.getName());

    private final Path file;
    private final Clock clock;
    private List<Tokens.Token> listed;
    private List<Tokens.Token> previous = List.of();
    private long previousUntilNs;
    private long lookedNs;
    private String complaint = "";

    /** @throws HoldfastException HF-NET-004 if the file has no token that can be used */
    TokenFile(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        listed = read(file);
        lookedNs = clock.nowNs();
    }

    @Override
    public synchronized Tokens tokens() {
        long nowNs = clock.nowNs();
        if (nowNs - lookedNs >= LOOK_NS) {
            lookedNs = nowNs;
            look(nowNs);
        }
        if (nowNs - previousUntilNs >= 0) {
            previous = List.of();
        }
        Set<Tokens.Token> accepted = new LinkedHashSet<>(listed);
        accepted.addAll(previous);
        return new Tokens(listed.getFirst(), List.copyOf(accepted));
    }

    @Override
    public @Nullable SslHandler tls(boolean client, ByteBufAllocator allocator) {
        return null;
    }

    private void look(long nowNs) {
        try {
            List<Tokens.Token> found = read(file);
            complaint = "";
            if (!found.equals(listed)) {
                previous = listed;
                previousUntilNs = nowNs + OVERLAP_NS;
                listed = found;
                LOG.log(System.Logger.Level.INFO, "token file " + file + " has changed and counts from now on");
            }
        } catch (HoldfastException e) {
            if (!complaint.equals(e.getMessage())) {
                complaint = String.valueOf(e.getMessage());
                LOG.log(System.Logger.Level.WARNING, complaint + ". The tokens that it had before still count");
            }
        }
    }

    private static List<Tokens.Token> read(Path file) {
        String text;
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw unusable(file, "has more than " + MAX_FILE_BYTES + " bytes");
            }
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new HoldfastException(
                    "HF-NET-004", "token file " + file + " cannot be read: " + e + ". Check path and rights", e);
        }
        List<Tokens.Token> tokens = new ArrayList<>();
        for (String line :
                text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
            if (line.length() < MIN_CHARS) {
                throw unusable(file, "has a token of " + line.length() + " characters");
            }
            tokens.add(new Tokens.Token(line));
        }
        if (tokens.isEmpty() || tokens.size() > MAX_TOKENS) {
            throw unusable(file, "has " + tokens.size() + " tokens");
        }
        return tokens;
    }

    private static HoldfastException unusable(Path file, String fact) {
        return new HoldfastException(
                "HF-NET-004",
                "token file " + file + " " + fact + ". Expected 1 to " + MAX_TOKENS + " lines, each a token of "
                        + MIN_CHARS + " characters or more, such as 32 random bytes in base64");
    }
}
