package dev.holdfast.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.checkpoint.JobRoot;
import dev.holdfast.engine.coordinator.JobControl;
import dev.holdfast.engine.env.Clock;
import dev.holdfast.launcher.http.Problem;
import dev.holdfast.launcher.http.Route;
import dev.holdfast.launcher.rest.ConfigurationRoutes;
import dev.holdfast.launcher.rest.OperationRoutes;
import dev.holdfast.launcher.rest.Profiles;
import dev.holdfast.launcher.rest.Resources;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** docs/reference/openapi.yaml against the routes and records of the code. {@code make docs} writes it anew. */
class OpenApiTest {
    private static final boolean UPDATE = Boolean.getBoolean("holdfast.update-docs");
    private static final String FILE = "docs/reference/openapi.yaml";

    private final TreeMap<String, Class<?>> schemas = new TreeMap<>();

    @Test
    void listsAllRoutesAndAllFields() throws IOException {
        Path file = Repository.root().resolve(FILE);
        String wanted = document();
        if (UPDATE) {
            Files.writeString(file, wanted);
            return;
        }
        assertThat(Files.readString(file))
                .as("`make docs` writes %s anew", FILE)
                .isEqualTo(wanted);
    }

    @Test
    void everyResourceIsReachedFromARoute() {
        document();

        assertThat(schemas.values())
                .containsAll(Arrays.stream(Resources.class.getDeclaredClasses()).toList());
    }

    /** By process and path. */
    private static Map<String, List<Route>> routes() {
        Clock none = new Clock() {
            @Override
            public long nowNs() {
                return 0;
            }

            @Override
            public long wallMs() {
                return 0;
            }
        };
        JobControl job = new JobControl(
                work -> {},
                none,
                new JobRoot("n", "j", "i"),
                () -> {
                    throw new IllegalStateException("nobody asks");
                },
                List::of);
        ConfigurationRoutes.Settings settings = new ConfigurationRoutes.Settings() {
            @Override
            public List<Resources.Setting> all() {
                return List.of();
            }

            @Override
            public void change(Map<String, Optional<String>> changes) {}
        };
        Profiles profiles = new Profiles("x");
        LazyMetricsPage metrics = new LazyMetricsPage(() -> {
            throw new IllegalStateException("nobody asks");
        });
        Map<String, List<Route>> all = new LinkedHashMap<>();
        all.put(
                "coordinator",
                ProcessApi.routesOfJob(job, new OperationRoutes(job, "x"), profiles, metrics, settings, Duration.ZERO));
        all.put("worker", ProcessApi.routesOfWorker(profiles, metrics, work -> {}, Duration.ZERO, () -> {
            throw new IllegalStateException("nobody asks");
        }));
        return all;
    }

    private String document() {
        StringBuilder text = new StringBuilder("""
                # Written by OpenApiTest from the routes and records of the code; `make docs` writes it anew.
                openapi: 3.1.0
                info:
                  title: Holdfast
                  version: v1
                  description: >-
                    What the processes of a job answer by HTTP. Times are texts of RFC 3339 in UTC. Errors are
                    application/problem+json with a stable code, see docs/errors.md.
                  license:
                    name: Apache-2.0
                    identifier: Apache-2.0
                servers:
                  - url: http://127.0.0.1:8081
                security:
                  - token: []
                paths:
                """);
        TreeMap<String, TreeMap<String, List<String>>> paths = new TreeMap<>();
        Map<String, Route> byName = new LinkedHashMap<>();
        routes().forEach((process, routes) -> routes.forEach(route -> {
            byName.put(route.method() + route.path(), route);
            paths.computeIfAbsent(route.path(), path -> new TreeMap<>())
                    .computeIfAbsent(route.method(), method -> new java.util.ArrayList<>())
                    .add(process);
        }));
        paths.forEach((path, methods) -> {
            text.append("  ").append(path).append(":\n");
            methods.forEach((method, processes) -> operation(text, byName.get(method + path), processes));
        });
        schemas.put("Problem", Problem.class);
        text.append("""
                components:
                  securitySchemes:
                    token:
                      type: http
                      scheme: bearer
                  responses:
                    Problem:
                      description: An error.
                      content:
                        application/problem+json:
                          schema:
                            $ref: '#/components/schemas/Problem'
                  schemas:
                """);
        while (true) {
            Map<String, Class<?>> before = new TreeMap<>(schemas);
            StringBuilder all = new StringBuilder();
            before.values().forEach(type -> schema(all, type));
            if (before.keySet().equals(schemas.keySet())) {
                return text.append(all).toString();
            }
        }
    }

    private void operation(StringBuilder text, Route route, List<String> processes) {
        text.append("    ")
                .append(route.method().toLowerCase(java.util.Locale.ROOT))
                .append(":\n");
        text.append("      summary: ").append(quote(route.summary())).append('\n');
        text.append("      tags: ").append(processes).append('\n');
        if (route.access() == Route.Access.ANYBODY) {
            text.append("      security: []\n");
        }
        List<String> inPath = Arrays.stream(route.path().split("/"))
                .filter(part -> part.startsWith("{"))
                .map(part -> part.substring(1, part.length() - 1))
                .toList();
        boolean key = route.method().equals("POST") && route.body() != null;
        if (!inPath.isEmpty() || !route.parameters().isEmpty() || key) {
            text.append("      parameters:\n");
            inPath.forEach(name -> parameter(text, name, "path", true));
            route.parameters().stream().sorted().forEach(name -> parameter(text, name, "query", false));
            if (key) {
                parameter(text, "Idempotency-Key", "header", false);
            }
        }
        Class<?> body = route.body();
        if (body != null) {
            text.append("      requestBody:\n        content:\n          application/json:\n            schema:\n");
            if (body == Map.class) {
                text.append("              type: object\n              additionalProperties:\n");
                text.append("                type: [string, 'null']\n");
            } else {
                text.append("              $ref: ").append(reference(body)).append('\n');
            }
        }
        text.append("      responses:\n        '").append(route.status()).append("':\n          description: Done.\n");
        if (route.status() == 202) {
            text.replace(
                    text.length() - "Done.\n".length(),
                    text.length(),
                    "It has begun; the header Location says where to look.\n");
        }
        text.append("          content:\n            ")
                .append(quote(route.mediaType()))
                .append(":\n              schema:\n");
        Class<?> result = route.result();
        text.append(
                result == null
                        ? "                type: string\n"
                        : "                $ref: " + reference(result) + "\n");
        text.append("        default:\n          $ref: '#/components/responses/Problem'\n");
    }

    private static void parameter(StringBuilder text, String name, String in, boolean required) {
        text.append("        - name: ").append(name).append("\n          in: ").append(in);
        text.append("\n          required: ")
                .append(required)
                .append("\n          schema:\n            type: string\n");
    }

    private String reference(Class<?> type) {
        schemas.put(type.getSimpleName(), type);
        return "'#/components/schemas/" + type.getSimpleName() + "'";
    }

    private void schema(StringBuilder text, Class<?> type) {
        text.append("    ")
                .append(type.getSimpleName())
                .append(":\n      type: object\n      additionalProperties: false\n");
        List<String> required = Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .map(RecordComponent::getName)
                .toList();
        if (!required.isEmpty()) {
            text.append("      required: ").append(required).append('\n');
        }
        if (type.getRecordComponents().length > 0) {
            text.append("      properties:\n");
        }
        for (RecordComponent component : type.getRecordComponents()) {
            text.append("        ").append(component.getName()).append(":\n");
            type(text, component.getGenericType(), "          ");
        }
    }

    private void type(StringBuilder text, Type type, String indent) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            text.append(indent).append("type: array\n").append(indent).append("items:\n");
            type(text, list.getActualTypeArguments()[0], indent + "  ");
        } else if (type == String.class) {
            text.append(indent).append("type: string\n");
        } else if (type == long.class || type == Long.class) {
            text.append(indent).append("type: integer\n").append(indent).append("format: int64\n");
        } else if (type == int.class || type == Integer.class) {
            text.append(indent).append("type: integer\n").append(indent).append("format: int32\n");
        } else if (type == boolean.class) {
            text.append(indent).append("type: boolean\n");
        } else if (type instanceof Class<?> found && found.isRecord()) {
            text.append(indent).append("$ref: ").append(reference(found)).append('\n');
        } else {
            throw new AssertionError("no schema for " + type);
        }
    }

    private static String quote(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
