package dev.holdfast.simulation.files;

import dev.holdfast.engine.env.Randomness;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories by their absolute names, as all processes see them, and as they would be after the machine's crash: content
 * that was not forced is lost, and so are names in a directory that was not forced.
 */
public final class SharedFiles {
    /** Null content stands for a directory. */
    static final class Node {
        byte @Nullable [] content;
        byte[] forced = new byte[0];
        String writer = "";

        Node(byte @Nullable [] content) {
            this.content = content;
        }

        boolean isDirectory() {
            return content == null;
        }

        byte[] bytes() {
            return content == null ? new byte[0] : content;
        }
    }

    private final TreeMap<String, Node> nodes = new TreeMap<>();
    private final TreeMap<String, Node> forced = new TreeMap<>();

    public SharedFiles() {
        Node root = new Node(null);
        nodes.put("/", root);
        forced.put("/", root);
    }

    /** Contents of files directly in a directory, by name; empty if there is none. */
    public NavigableMap<String, byte[]> filesIn(String directory) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        below(directory).forEach((name, node) -> {
            if (!node.isDirectory() && name.lastIndexOf('/') == directory.length()) {
                files.put(name, node.bytes());
            }
        });
        return files;
    }

    /** Names of all files below a directory. */
    public List<String> allFilesBelow(String directory) {
        return below(directory).entrySet().stream()
                .filter(entry -> !entry.getValue().isDirectory())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The machine crashes: what was not forced is gone, or is there by chance. A file that was renamed has its old name or its new one,
     * never none, as journals of file systems keep it.
     */
    public void crash(Randomness random) {
        Map<Node, String> names = namesOf(nodes);
        Map<Node, String> forcedNames = namesOf(forced);
        Set<Node> all = new LinkedHashSet<>(names.keySet());
        all.addAll(forcedNames.keySet());
        nodes.clear();
        for (Node node : all) {
            String now = names.get(node);
            String before = forcedNames.get(node);
            String name = Objects.equals(now, before) || random.nextInt(2) == 0 ? now : before;
            if (name != null) {
                nodes.put(name, node);
                lose(node, random);
            }
        }
        // What a directory that is gone held is gone too.
        nodes.keySet().removeIf(name -> !name.equals("/") && !isWhole(name));
        forced.clear();
        forced.putAll(nodes);
    }

    /** The machine of one process crashes: what that process wrote and did not force is lost, names stay, as with NFS. */
    public void crash(String writer, Randomness random) {
        nodes.values().stream().filter(node -> node.writer.equals(writer)).forEach(node -> lose(node, random));
    }

    /** In order of names, whatever the nodes are. */
    private static Map<Node, String> namesOf(NavigableMap<String, Node> named) {
        Map<Node, String> names = new LinkedHashMap<>();
        named.forEach((name, node) -> names.put(node, name));
        return names;
    }

    private boolean isWhole(String name) {
        for (String at = parent(name); !at.equals("/"); at = parent(at)) {
            if (!nodes.containsKey(at)) {
                return false;
            }
        }
        return true;
    }

    private static void lose(Node node, Randomness random) {
        if (!node.isDirectory() && !Arrays.equals(node.bytes(), node.forced)) {
            byte[] bytes = node.bytes();
            int kept = Math.max(node.forced.length, bytes.length == 0 ? 0 : random.nextInt(bytes.length));
            byte[] cut = Arrays.copyOf(bytes, Math.min(kept, bytes.length));
            node.content = random.nextInt(2) == 0 ? cut : Arrays.copyOf(cut, bytes.length);
            node.forced = node.bytes();
        }
    }

    Node existing(String name) throws NoSuchFileException {
        Node node = nodes.get(name);
        if (node == null) {
            throw new NoSuchFileException(name);
        }
        return node;
    }

    Node create(String name, boolean directory) throws FileSystemException {
        if (nodes.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        if (!existing(parent(name)).isDirectory()) {
            throw new FileSystemException(name, null, "its parent is no directory");
        }
        Node node = new Node(directory ? null : new byte[0]);
        nodes.put(name, node);
        return node;
    }

    void delete(String name) throws FileSystemException {
        Node node = existing(name);
        if (node.isDirectory() && !below(name).isEmpty()) {
            throw new DirectoryNotEmptyException(name);
        }
        nodes.remove(name);
    }

    /** As rename(2): replaces what is at the target. */
    void rename(String from, String to) throws FileSystemException {
        Node node = existing(from);
        existing(parent(to));
        nodes.remove(from);
        nodes.put(to, node);
    }

    /** As fsync(2), of a file's content or of a directory's names. */
    void force(String name) throws NoSuchFileException {
        Node node = existing(name);
        if (!node.isDirectory()) {
            node.forced = node.bytes();
            return;
        }
        forced.keySet().removeIf(each -> parent(each).equals(name) && !each.equals("/") && !nodes.containsKey(each));
        below(name).forEach((each, child) -> {
            if (forced.get(each) != child && parent(each).equals(name)) {
                // A rename is one change of both directories.
                forced.entrySet().removeIf(old -> old.getValue() == child && !nodes.containsKey(old.getKey()));
                forced.put(each, child);
            }
        });
    }

    List<String> list(String directory) throws FileSystemException {
        existing(directory);
        return below(directory).keySet().stream()
                .filter(name -> parent(name).equals(directory))
                .toList();
    }

    private NavigableMap<String, Node> below(String directory) {
        String prefix = directory.equals("/") ? "/" : directory + "/";
        return nodes.subMap(prefix, false, prefix + Character.MAX_VALUE, true);
    }

    static String parent(String name) {
        int slash = name.lastIndexOf('/');
        return slash <= 0 ? "/" : name.substring(0, slash);
    }
}
