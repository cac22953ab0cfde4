package dev.holdfast.connector.files;

/** One JSON value in each line. */
final class JsonRows implements RowEncoder<Object> {

    @Override
    public void encode(Object record, RowBuffer out) {
        Json.write(record, out);
        out.append('\n');
    }
}
