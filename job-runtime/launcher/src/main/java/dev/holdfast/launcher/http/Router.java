package dev.holdfast.launcher.http;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the route of a request. Immutable. */
final class Router {
    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
        Set<String> seen = new HashSet<>();
        for (Route route : routes) {
            if (!seen.add(route.method() + " " + route.path().replaceAll("\\{[^}]*}", "{}"))) {
                throw new IllegalArgumentException("two routes are " + route.method() + " " + route.path());
            }
        }
    }

    /** A route, with the variable parts of the path. */
    record Match(Route route, Map<String, String> parts) {}

    /**
     * Finds one.
     *
     * @param path as it stands in the request, not decoded
     * @throws ApiException HF-API-001 for a path, HF-API-002 for a method that nothing answers to
     */
    Match find(String method, String path) {
        List<String> asked = List.of(path.substring(1).split("/", -1));
        List<Match> matches = routes.stream()
                .flatMap(route -> match(route, asked).map(parts -> new Match(route, parts)).stream())
                .toList();
        if (matches.isEmpty()) {
            throw new ApiException(
                    404,
                    "HF-API-001",
                    "there is nothing at " + path + ". What this process answers to is in /api/v1/openapi.yaml");
        }
        return matches.stream()
                .filter(match -> match.route().method().equals(method))
                .findFirst()
                .orElseThrow(() -> {
                    String allowed = matches.stream()
                            .map(match -> match.route().method())
                            .sorted()
                            .collect(Collectors.joining(", "));
                    return new ApiException(
                            405,
                            "HF-API-002",
                            path + " does not take " + method + "; it takes " + allowed,
                            Map.of("Allow", allowed));
                });
    }

    private static Optional<Map<String, String>> match(Route route, List<String> asked) {
        List<String> segments = route.segments();
        if (segments.size() != asked.size()) {
            return Optional.empty();
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            String wanted = segments.get(i);
            if (wanted.startsWith("{") && !asked.get(i).isEmpty()) {
                parts.put(wanted.substring(1, wanted.length() - 1), Request.decode(asked.get(i)));
            } else if (!wanted.equals(asked.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parts);
    }
}
