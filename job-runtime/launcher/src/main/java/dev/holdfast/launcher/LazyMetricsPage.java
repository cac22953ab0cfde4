package dev.holdfast.launcher;

import dev.holdfast.launcher.http.Response;
import dev.holdfast.launcher.http.Route;
import dev.holdfast.launcher.metrics.MetricsPage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page of metrics, made when it is asked for the first time: that takes longer than a process may take to start. */
final class LazyMetricsPage implements AutoCloseable {
    private final Supplier<MetricsPage> maker;
    private @Nullable MetricsPage page;
    private boolean closed;

    LazyMetricsPage(Supplier<MetricsPage> maker) {
        this.maker = maker;
    }

    Route route() {
        return Route.page(
                "/metrics",
                Route.Access.TOKEN,
                "Metrics of this process, in the text format of Prometheus.",
                MetricsPage.MEDIA_TYPE,
                request -> Response.text(200, MetricsPage.MEDIA_TYPE, page().text()));
    }

    private synchronized MetricsPage page() {
        if (closed) {
            throw new IllegalStateException("the process ends");
        }
        MetricsPage made = page == null ? maker.get() : page;
        page = made;
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (page != null) {
            page.close();
        }
    }
}
