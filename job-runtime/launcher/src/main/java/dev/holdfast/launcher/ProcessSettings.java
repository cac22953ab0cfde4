package dev.holdfast.launcher;

import java.util.List;

/** Settings of processes that work together over a network. */
final class ProcessSettings {
    static final String COORDINATOR_ADDRESS = "coordinator.address";
    static final String WORKER_NAME = "worker.name";
    static final String WORKER_SLOTS = "worker.slots";
    static final String WORKER_STOP_TIMEOUT = "worker.stop-timeout";
    static final String LISTEN_HOST = "listen.host";
    static final String LISTEN_PORT = "listen.port";
    static final String ADVERTISED_HOST = "advertised-host";
    static final String TOKEN_FILE = "network.token-file";
    static final String TLS_CERTIFICATE = "network.tls.certificate-file";
    static final String TLS_KEY = "network.tls.key-file";
    static final String TLS_CA = "network.tls.ca-file";
    static final String TLS_PEER_NAME = "network.tls.peer-name";
    static final String CONNECT_TIMEOUT = "network.connect-timeout";
    static final String NETWORK_THREADS = "network.threads";
    static final String NETWORK_MEMORY = "network.memory";
    static final String MEMORY_TOTAL = "memory.total";
    static final String HTTP_ADDRESS = "http.listen-address";
    static final String HTTP_PORT = "http.port";
    static final String HTTP_TOKEN_FILE = "http.token-file";
    static final String HTTP_LIVENESS = "http.liveness-timeout";
    static final String LOG_FORMAT = "log.format";
    static final String HEARTBEAT_INTERVAL = "heartbeat.interval";
    static final String HEARTBEAT_TIMEOUT = "heartbeat.timeout";

    private static final String DURATION = "duration";
    private static final String NUMBER = "number";
    private static final String TEXT = "text";
    private static final String FILE = "path of a file";

    static final List<Setting> ALL = List.of(
            new Setting(
                    COORDINATOR_ADDRESS,
                    "--coordinator",
                    "host:port",
                    "",
                    "Where the coordinator takes connections. Looked up anew for each connection. Required for a"
                            + " worker."),
            new Setting(
                    WORKER_NAME,
                    "--worker-name",
                    TEXT,
                    "",
                    "Name of the worker, unique within the job; the same after a restart of the process, so that it"
                            + " gets the same work. Unless set, the variable `HOSTNAME`, or the name of the machine."),
            new Setting(WORKER_SLOTS, "--slots", NUMBER, "1", "Slots that the worker offers, a thread each."),
            new Setting(
                    WORKER_STOP_TIMEOUT,
                    "",
                    DURATION,
                    "10s",
                    "On SIGTERM, how long a worker waits: half of it for a checkpoint, then for its tasks to end. Then it ends all the same."),
            new Setting(
                    LISTEN_HOST,
                    "--listen-host",
                    TEXT,
                    "0.0.0.0",
                    "The address of this machine at which the process takes connections; `0.0.0.0` for all."),
            new Setting(
                    LISTEN_PORT,
                    "--listen-port",
                    NUMBER,
                    "",
                    "The port at which the process takes connections; 0 for any that is free. Unless set, 7600 for a"
                            + " coordinator and 0 for a worker."),
            new Setting(
                    ADVERTISED_HOST,
                    "--advertised-host",
                    TEXT,
                    "",
                    "Name or address at which other workers reach this one. Unless set, `listen.host`; where that"
                            + " stands for all addresses, the address of the machine's name."),
            new Setting(
                    TOKEN_FILE,
                    "--token-file",
                    FILE,
                    "",
                    "A file with a secret that all processes of the job share, to prove that they belong to it. Either"
                            + " this or the files of TLS are required."),
            new Setting(TLS_CERTIFICATE, "", FILE, "", "The process's certificate (PEM), for TLS between processes."),
            new Setting(TLS_KEY, "", FILE, "", "The private key (PEM, without a password) of that certificate."),
            new Setting(TLS_CA, "", FILE, "", "Authorities (PEM) that certificates of other processes must come from."),
            new Setting(
                    TLS_PEER_NAME,
                    "",
                    TEXT,
                    "",
                    "A DNS name that certificates of other processes must have. Unless set, any certificate of the"
                            + " authorities counts."),
            new Setting(
                    CONNECT_TIMEOUT,
                    "",
                    DURATION,
                    "5s",
                    "How long connecting to another process may take, with the look-up of its name and the proof of"
                            + " who it is."),
            new Setting(NETWORK_THREADS, "", NUMBER, "2", "Threads that read from and write to other processes."),
            new Setting(
                    NETWORK_MEMORY,
                    "",
                    "size",
                    "32m",
                    "Memory for records that have come from other workers and are not read yet."),
            new Setting(HEARTBEAT_INTERVAL, "", DURATION, "500ms", "From one heartbeat to the next, on both sides."),
            new Setting(
                    HEARTBEAT_TIMEOUT,
                    "",
                    DURATION,
                    "2s",
                    "Without any message for so long, coordinator or worker counts as lost; at least two intervals."),
            new Setting(
                    MEMORY_TOTAL,
                    "",
                    "size",
                    "",
                    "What the process may use in all, heap and the rest. Unless set, the limit of its container, or"
                            + " what the machine has."),
            new Setting(
                    HTTP_ADDRESS,
                    "--http-listen-address",
                    TEXT,
                    "",
                    "The address of this machine at which the process answers HTTP. Unless set, `0.0.0.0` for a"
                            + " coordinator and a worker, `127.0.0.1` for `holdfast local`."),
            new Setting(
                    HTTP_PORT,
                    "--http-port",
                    "number, off",
                    "",
                    "The port at which the process answers HTTP; 0 for any that is free, `off` for none. Unless set, 8081"
                            + " for a coordinator and `holdfast local`, 8082 for a worker, or any that is free where"
                            + " that is taken."),
            new Setting(
                    HTTP_TOKEN_FILE,
                    "--http-token-file",
                    FILE,
                    "",
                    "A file of tokens, one a line; who asks by HTTP must bring one. Unless set, that of"
                            + " `network.token-file`; without either, only clients on the same machine are answered."
                            + " Probes need none."),
            new Setting(
                    HTTP_LIVENESS,
                    "",
                    DURATION,
                    "30s",
                    "How long the process's main loop may not turn before `/livez` fails."),
            new Setting(
                    LOG_FORMAT,
                    "--log-format",
                    "text, json",
                    "text",
                    "Form of the log's lines: for people, or an object a line for programs."));

    private ProcessSettings() {}
}
