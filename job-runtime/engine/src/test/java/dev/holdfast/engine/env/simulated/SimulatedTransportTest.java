package dev.holdfast.engine.env.simulated;

import dev.holdfast.engine.env.Endpoint;
import dev.holdfast.engine.env.RecordingHandler;
import dev.holdfast.engine.env.Transport;
import dev.holdfast.engine.env.TransportConformance;
import dev.holdfast.engine.env.memory.MemoryObjectStore;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The suite in virtual time. */
class SimulatedTransportTest extends TransportConformance {
    private final SimulatedWorld world = new SimulatedWorld(Long.getLong("holdfast.seed", 1));
    private final SimulatedNetwork network = new SimulatedNetwork(world);
    private final Map<String, SimulatedProcess> processes = new HashMap<>();

    @Override
    protected void end() {
        world.end();
    }

    @Override
    protected Transport open(String name) {
        SimulatedProcess process = world.start(name, new MemoryObjectStore());
        processes.put(name, process);
        return network.transport(process);
    }

    @Override
    protected void listenAt(Endpoint taken) {
        SimulatedProcess process = world.start("another", new MemoryObjectStore());
        network.transport(process, taken).listen(RecordingHandler::new);
    }

    @Override
    protected boolean await(BooleanSupplier condition, long limitMs) {
        return world.runUntil(condition, limitMs * 1_000_000);
    }

    @Override
    protected void stall(String name) {
        processes.get(name).freeze();
    }

    @Override
    protected void goOn(String name) {
        processes.get(name).wake();
    }

    @Override
    protected Endpoint nobody() {
        return new Endpoint("server", 1);
    }

    @Override
    protected Endpoint silent() {
        Endpoint at = open("silent").listen(RecordingHandler::new);
        stall("silent");
        return at;
    }
}
