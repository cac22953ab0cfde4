package dev.holdfast.simulation.fault;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Records of numbers, flags and enums as one line of text, and back: {@code Kill who=1 downMs=500 disk=KEPT}. */
final class RecordText {
    private RecordText() {}

    static String write(Object value) {
        StringBuilder line = new StringBuilder(value.getClass().getSimpleName());
        try {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                line.append(' ')
                        .append(component.getName())
                        .append('=')
                        .append(component.getAccessor().invoke(value));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot write " + value, e);
        }
        return line.toString();
    }

    /**
     * Reads a record.
     *
     * @param words of the line; the name of the record stands at {@code from}
     * @param type the record, or a sealed interface of records
     */
    static <T> T read(String[] words, int from, Class<T> type) {
        String name = words[from];
        Class<?> found = type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses())
                        .filter(each -> each.getSimpleName().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no " + name))
                : type;
        Map<String, String> values = new HashMap<>();
        for (String word : Arrays.asList(words).subList(from + 1, words.length)) {
            String[] pair = word.split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("expected name=value, found " + word);
            }
            values.put(pair[0], pair[1]);
        }
        RecordComponent[] components = found.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String text = values.remove(components[i].getName());
            if (text == null) {
                throw new IllegalArgumentException(name + " has no " + components[i].getName());
            }
            arguments[i] = value(components[i].getType(), text);
        }
        if (!values.isEmpty()) {
            throw new IllegalArgumentException(name + " knows no " + values.keySet());
        }
        try {
            Constructor<?> constructor = found.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return type.cast(constructor.newInstance(arguments));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make " + name + " of " + Arrays.toString(arguments), e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object value(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.parseInt(text);
        }
        if (type == long.class) {
            return Long.parseLong(text);
        }
        if (type == boolean.class) {
            return Boolean.parseBoolean(text);
        }
        if (type.isEnum()) {
            return Enum.valueOf((Class<Enum>) type, text);
        }
        throw new IllegalArgumentException("no text for a " + type);
    }
}
