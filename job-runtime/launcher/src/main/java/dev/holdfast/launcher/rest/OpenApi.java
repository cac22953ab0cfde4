package dev.holdfast.launcher.rest;

import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The OpenAPI document, which is docs/reference/openapi.yaml in the jar. A test makes it of all routes. */
public final class OpenApi {
    private static final String RESOURCE = "openapi.yaml";

    private OpenApi() {}

    /** Its route. */
    public static Route route() {
        return Route.page(
                "/api/v1/openapi.yaml",
                Route.Access.TOKEN,
                "This document.",
                "application/yaml",
                request -> Response.text(200, "application/yaml", document()));
    }

    private static String document() {
        try (InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar has no " + RESOURCE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " cannot be read", e);
        }
    }
}
