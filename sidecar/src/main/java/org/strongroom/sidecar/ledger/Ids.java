package org.strongroom.sidecar.ledger;

import java.nio.ByteBuffer;
import java.sql.Types;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.strongroom.core.format.v1.Sha256;

/** How ids, digests and times are kept: 16 and 32 bytes, milliseconds; text would double the ledger. */
public final class Ids {
    private Ids() {}

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static UUID uuid(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new UUID(in.getLong(), in.getLong());
    }

    /** Which of the 256 shards that spool and cache have an id is in. */
    public static int shard(UUID id) {
        return (int) (id.getMostSignificantBits() >>> 56);
    }

    /** The smallest id of a shard. */
    static byte[] first(int shard) {
        byte[] from = new byte[16];
        from[0] = (byte) shard;
        return from;
    }

    /** The largest id of a shard. */
    static byte[] last(int shard) {
        byte[] to = new byte[16];
        Arrays.fill(to, (byte) 0xff);
        to[0] = (byte) shard;
        return to;
    }

    static void register(Jdbi jdbi) {
        jdbi.registerArgument(new AbstractArgumentFactory<UUID>(Types.BLOB) {
            @Override
            protected Argument build(UUID value, ConfigRegistry config) {
                return (position, statement, context) -> statement.setBytes(position, bytes(value));
            }
        });
        jdbi.registerArgument(new AbstractArgumentFactory<Sha256>(Types.BLOB) {
            @Override
            protected Argument build(Sha256 value, ConfigRegistry config) {
                return (position, statement, context) -> statement.setBytes(position, value.toBytes());
            }
        });
        jdbi.registerArgument(new AbstractArgumentFactory<Instant>(Types.BIGINT) {
            @Override
            protected Argument build(Instant value, ConfigRegistry config) {
                return (position, statement, context) -> statement.setLong(position, value.toEpochMilli());
            }
        });
        jdbi.registerArgument(new AbstractArgumentFactory<Place>(Types.INTEGER) {
            @Override
            protected Argument build(Place value, ConfigRegistry config) {
                return (position, statement, context) -> statement.setInt(position, value.code());
            }
        });
        jdbi.registerArgument(new AbstractArgumentFactory<CopyState>(Types.INTEGER) {
            @Override
            protected Argument build(CopyState value, ConfigRegistry config) {
                return (position, statement, context) -> statement.setInt(position, value.code());
            }
        });
        jdbi.registerColumnMapper(UUID.class, (row, column, context) -> uuid(row.getBytes(column)));
        jdbi.registerColumnMapper(Sha256.class, (row, column, context) -> new Sha256(row.getBytes(column)));
        jdbi.registerColumnMapper(CopyState.class, (row, column, context) -> CopyState.of(row.getInt(column)));
    }
}
