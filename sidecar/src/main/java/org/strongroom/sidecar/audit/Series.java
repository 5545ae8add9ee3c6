package org.strongroom.sidecar.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.strongroom.core.audit.AuditEntry;
import org.strongroom.core.error.StrongroomException;
import org.strongroom.core.io.DurableFiles;

/**
 * The last number of each writer's series that is in the log: that tells what is there already, and what is missing. Remembered beside
 * the log, so that a start need not read all of it; what is remembered is only ever behind. Not thread-safe.
 */
final class Series {
    static final String FILE = "series.json";
    /** Writers live as long as a process: older ones wait for nothing. */
    private static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Series.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };
    private long size;

    /** That of a log of {@code size} entries: as remembered, then as the entries behind that say. */
    static Series load(Path folder, LogReader reader, long size) throws IOException {
        Series series = remembered(folder);
        if (series.size > size) {
            series = new Series();
        }
        series.size = Math.max(series.size, reader.first());
        while (series.size < size) {
            for (LogEntry entry : reader.from(series.size)) {
                if (entry.index() < size) {
                    series.add(entry.json());
                }
            }
        }
        return series;
    }

    private static Series remembered(Path folder) throws IOException {
        Series series = new Series();
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(folder.resolve(FILE)));
            for (Map.Entry<String, JsonNode> writer : node.path("writers").properties()) {
                series.last.put(writer.getKey(), writer.getValue().asLong());
            }
            series.size = node.path("size").asLong();
        } catch (NoSuchFileException e) {
            return series;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            LOG.debug("half a file: it is not fsynced", e);
            return new Series();
        }
        return series;
    }

    /** Remembers it; a power cut may take that away again. */
    void save(Path folder) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("size", size);
        ObjectNode writers = node.putObject("writers");
        last.forEach(writers::put);
        byte[] bytes = node.toString().getBytes(StandardCharsets.UTF_8);
        DurableFiles.writeCopy(
                folder.resolve(FILE), channel -> DurableFiles.writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /** The last number of a writer; 0 if none of its entries is known. */
    long last(String writer) {
        return last.getOrDefault(writer, 0L);
    }

    /** The next entry of the log. */
    void add(byte[] json) {
        size++;
        try {
            add(AuditEntry.decode(json));
        } catch (StrongroomException e) {
            LOG.debug("entry {} is of a later version", size - 1, e);
        }
    }

    private void add(AuditEntry entry) {
        last.merge(entry.writer(), entry.number(), Math::max);
    }

    /** The same, read before. */
    void next(AuditEntry entry) {
        size++;
        add(entry);
    }
}
