package dev.holdfast.engine.type;

import java.util.ArrayList;
import java.util.List;

/** Prints a schema: a definition in full where it first occurs, by its name where it occurs again. */
final class SchemaText {
    private final StringBuilder text = new StringBuilder();
    private final List<String> names = new ArrayList<>();

    private SchemaText() {}

    static String of(Schema schema) {
        SchemaText printer = new SchemaText();
        printer.print(schema);
        return printer.text.toString();
    }

    /** For errors: of records, sealed types and enums the name alone. */
    static String brief(Schema schema) {
        return switch (schema) {
            case Schema.Record(String name, List<Schema.Field> fields) -> "record " + name;
            case Schema.Sealed(String name, List<Schema.Case> cases) -> "sealed " + name;
            case Schema.Enumeration(String name, List<String> constants) -> "enum " + name;
            case Schema.ListOf(Schema element) -> "list<" + brief(element) + ">";
            case Schema.SetOf(Schema element) -> "set<" + brief(element) + ">";
            case Schema.OptionalOf(Schema element) -> "optional<" + brief(element) + ">";
            case Schema.MapOf(Schema key, Schema value) -> "map<" + brief(key) + ", " + brief(value) + ">";
            case Schema.Primitive primitive -> primitive.toString();
            case Schema.Custom custom -> custom.toString();
            case Schema.Reference reference -> reference.toString();
        };
    }

    private void print(Schema schema) {
        switch (schema) {
            case Schema.Primitive primitive -> text.append(primitive);
            case Schema.Record(String name, List<Schema.Field> fields) -> {
                names.add(name);
                text.append("record ").append(name).append('(');
                for (int i = 0; i < fields.size(); i++) {
                    text.append(i == 0 ? "" : ", ").append(fields.get(i).name()).append(": ");
                    print(fields.get(i).schema());
                    text.append(fields.get(i).hasDefault() ? " = default" : "");
                }
                text.append(')');
            }
            case Schema.Sealed(String name, List<Schema.Case> cases) -> {
                names.add(name);
                text.append("sealed ").append(name).append('(');
                for (int i = 0; i < cases.size(); i++) {
                    text.append(i == 0 ? "" : " | ");
                    print(cases.get(i).schema());
                }
                text.append(')');
            }
            case Schema.Enumeration(String name, List<String> constants) ->
                text.append("enum ")
                        .append(name)
                        .append('(')
                        .append(String.join(", ", constants))
                        .append(')');
            case Schema.ListOf(Schema element) -> printNested("list<", element);
            case Schema.SetOf(Schema element) -> printNested("set<", element);
            case Schema.OptionalOf(Schema element) -> printNested("optional<", element);
            case Schema.MapOf(Schema key, Schema value) -> {
                text.append("map<");
                print(key);
                text.append(", ");
                print(value);
                text.append('>');
            }
            case Schema.Custom(String name, int version) ->
                text.append("custom ").append(name).append(" v").append(version);
            case Schema.Reference(int definition) ->
                text.append(definition < names.size() ? names.get(definition) : "#" + definition);
        }
    }

    private void printNested(String start, Schema element) {
        text.append(start);
        print(element);
        text.append('>');
    }
}
