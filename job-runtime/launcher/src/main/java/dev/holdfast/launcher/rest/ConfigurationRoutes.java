package dev.holdfast.launcher.rest;

import dev.holdfast.api.HoldfastException;
import dev.holdfast.launcher.http.Json;
import dev.holdfast.launcher.http.Request;
import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows the settings of a job's coordinator, and changes live ones. Any thread. */
public final class ConfigurationRoutes {
    private static final String PATH = "/api/v1/job/configuration";

    private ConfigurationRoutes() {}

    /** The settings of a process. Any thread may call. */
    public interface Settings {
        /** All, in the order of the docs; secrets are masked. */
        List<Resources.Setting> all();

        /**
         * Changes live settings, all of them or none; returns when they count.
         *
         * @param changes by name; empty to take back what was changed before
         * @throws HoldfastException if there is no such setting, it is not live, or the values cannot be used together
         */
        void change(Map<String, Optional<String>> changes) throws InterruptedException;
    }

    /** The routes. */
    public static List<Route> of(Settings settings) {
        return List.of(
                Route.get(
                        PATH,
                        "The settings that count now, with where they come from.",
                        Resources.Configuration.class,
                        request -> Response.json(200, new Resources.Configuration(settings.all()))),
                Route.change(
                        PATH,
                        "Changes live settings until the coordinator ends: an object of names and texts; null takes a"
                                + " change back.",
                        Map.class,
                        Resources.Configuration.class,
                        request -> change(settings, request)));
    }

    private static Response change(Settings settings, Request request) throws InterruptedException {
        settings.change(Json.texts(request.body()));
        return Response.json(200, new Resources.Configuration(settings.all()));
    }
}
