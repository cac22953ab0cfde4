package dev.holdfast.connector.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewlinesTest {
    @Test
    void findsWhatALoopFinds() throws Exception {
        Seeds.each(20_000, random -> {
            byte[] bytes = new byte[random.nextInt(40)];
            byte[] alphabet = {'\n', 0, 11, 9, (byte) 0x8A, (byte) 0xFF, 'a', 'b'};
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = alphabet[random.nextInt(4) == 0 ? random.nextInt(8) : 1 + random.nextInt(7)];
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);

            assertThat(Newlines.find(bytes, from, to)).isEqualTo(slowFind(bytes, from, to));
        });
    }

    private static int slowFind(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
