package dev.holdfast.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObjectNameTest {

    @Test
    void everyNameIsReadBack() {
        assertThat(ObjectName.parse(JobRoot.logSlot(12))).isEqualTo(new ObjectName.LogSlot(12));
        assertThat(ObjectName.parse(JobRoot.committed(Long.MAX_VALUE)))
                .isEqualTo(new ObjectName.Committed(Long.MAX_VALUE));
        assertThat(ObjectName.parse(JobRoot.boundary(3))).isEqualTo(new ObjectName.Boundary(3));
        assertThat(ObjectName.parse(JobRoot.manifest(7, 3, "abc"))).isEqualTo(new ObjectName.OfCheckpoint(7, 3));
        assertThat(ObjectName.parse(JobRoot.pack(7, 3, "worker-1", "abc")))
                .isEqualTo(new ObjectName.OfCheckpoint(7, 3));
        assertThat(ObjectName.parse(JobRoot.run(3, 7, "abc"))).isEqualTo(new ObjectName.OfCheckpoint(7, 3));
        assertThat(ObjectName.parse(JobRoot.savepoint("s") + "data/x"))
                .isEqualTo(new ObjectName.OfSavepoint("s", "data/x"));
    }

    @Test
    void whatIsNotOursIsForeign() {
        for (String name : List.of(
                "log/12",
                "log/99999999999999999999",
                "log/00000000000000000001/x",
                "notes.txt",
                "checkpoints/7/manifest-3-abc",
                "checkpoints/00000000000000000007/other-3-abc",
                "runs/abc.sst",
                "runs/99999999999999999999-1-abc.sst",
                "savepoints/s")) {
            assertThat(ObjectName.parse(name)).as(name).isEqualTo(new ObjectName.Foreign());
        }
    }

    @Test
    void namesSortAsTheirNumbers() {
        assertThat(JobRoot.logSlot(9)).isLessThan(JobRoot.logSlot(10));
        assertThat(JobRoot.logSlot(Long.MAX_VALUE)).hasSize("log/".length() + 20);
    }

    @Test
    void partsThatCannotBeInAKeyAreRefused() {
        assertThatThrownBy(() -> new JobRoot("a/b", "j", "i"))
                .hasMessageContaining("namespace 'a/b' cannot be part of a key");
        assertThatThrownBy(() -> new JobRoot("a", "", "i")).hasMessageContaining("job '' cannot");
        assertThatThrownBy(() -> new JobRoot("a", "j", "..")).hasMessageContaining("job id '..' cannot");
        assertThatThrownBy(() -> JobRoot.run(1, 2, "a-b")).hasMessageContaining("a unique name has no '-'");
    }
}
