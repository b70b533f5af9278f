package io.sluice.perf.query;

import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * SQLite with one row an event and an index for each of the journal's keys; that of the type has the time behind it,
 * which is what the range query wants. Loaded in one transaction without a journal of its own, and indexed after that:
 * the fastest way that its documentation names. Reads through a mapping, with 256 MiB of cache.
 */
final class SqliteSide implements QuerySide
{
    private static final List<String> SETTINGS = List.of(
        "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -262144",
        "PRAGMA mmap_size = 34359738368", "PRAGMA temp_store = MEMORY", "PRAGMA locking_mode = EXCLUSIVE");
    private static final String TABLE =
        "CREATE TABLE events (n INTEGER PRIMARY KEY, id TEXT, type TEXT, source TEXT, time INTEGER, " +
        "recorded INTEGER, priority INTEGER, correlation TEXT, session TEXT, workflow TEXT, aggregate_type TEXT, " +
        "aggregate_id TEXT, aggregate_version INTEGER, payload TEXT)";
    private static final List<String> INDEXES = List.of(
        "(id)", "(correlation)", "(session)", "(workflow)", "(aggregate_type, aggregate_id, aggregate_version)",
        "(type, time)", "(source)", "(priority)", "(time)", "(recorded)");
    private static final String SELECT = "SELECT count(*), total(n) FROM (SELECT n FROM events WHERE ";

    private final Connection connection;
    private final PreparedStatement byId;
    private final PreparedStatement byCorrelation;
    private final PreparedStatement byAggregate;
    private final PreparedStatement errors;
    private final double loadSeconds;
    private final double indexSeconds;

    private SqliteSide(final Connection connection, final double loadSeconds, final double indexSeconds)
        throws SQLException
    {
        this.connection = connection;
        this.loadSeconds = loadSeconds;
        this.indexSeconds = indexSeconds;
        byId = connection.prepareStatement(SELECT + "id = ?)");
        byCorrelation = connection.prepareStatement(SELECT + "correlation = ?)");
        byAggregate = connection.prepareStatement(SELECT + "aggregate_type = ? AND aggregate_id = ?)");
        errors = connection.prepareStatement(
            SELECT + "type = ? AND time >= ? AND time < ? AND payload ->> '$.status' = 'error' ORDER BY n LIMIT ?)");
    }

    static SqliteSide load(final Path file, final QueryTraffic traffic, final int events)
    {
        try
        {
            final Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement())
            {
                for (final String setting : SETTINGS)
                {
                    statement.execute(setting);
                }
                statement.execute(TABLE);
                final long startNs = System.nanoTime();
                insert(connection, traffic, events);
                final long loadedNs = System.nanoTime();
                for (int i = 0; i < INDEXES.size(); i++)
                {
                    statement.execute("CREATE INDEX i" + i + " ON events " + INDEXES.get(i));
                }
                statement.execute("ANALYZE");
                return new SqliteSide(
                    connection, (loadedNs - startNs) / 1e9, (System.nanoTime() - loadedNs) / 1e9);
            }
        }
        catch (final SQLException ex)
        {
            throw failed(ex);
        }
    }

    /** @return seconds that the rows took. */
    double loadSeconds()
    {
        return loadSeconds;
    }

    /** @return seconds that the indexes took. */
    double indexSeconds()
    {
        return indexSeconds;
    }

    /** @return bytes of the indexes as a part of all bytes. */
    double indexShare()
    {
        try (Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery(
                "SELECT total(pgsize) FILTER (WHERE name != 'events') / total(pgsize) FILTER (WHERE name = 'events') " +
                "FROM dbstat"))
        {
            rows.next();
            return rows.getDouble(1);
        }
        catch (final SQLException ex)
        {
            // Not every build of it has that table.
            return Double.NaN;
        }
    }

    @Override
    public Answer byId(final String id)
    {
        return ask(byId, id);
    }

    @Override
    public Answer byCorrelation(final String id)
    {
        return ask(byCorrelation, id);
    }

    @Override
    public Answer byAggregate(final String type, final String id)
    {
        return ask(byAggregate, type, id);
    }

    @Override
    public Answer errors(final String type, final long fromNs, final long toNs, final int limit)
    {
        return ask(errors, type, fromNs, toNs, limit);
    }

    @Override
    public void close()
    {
        try
        {
            connection.close();
        }
        catch (final SQLException ex)
        {
            throw failed(ex);
        }
    }

    private static void insert(final Connection connection, final QueryTraffic traffic, final int events)
        throws SQLException
    {
        connection.setAutoCommit(false);
        try (PreparedStatement row = connection.prepareStatement(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))
        {
            for (int n = 0; n < events; n++)
            {
                row.setInt(1, n);
                row.setString(2, traffic.id(n));
                row.setString(3, traffic.type(n));
                row.setString(4, traffic.source(n));
                row.setLong(5, traffic.timeNs(n));
                row.setLong(6, traffic.recordedNs(n));
                row.setInt(7, traffic.priority(n));
                row.setString(8, traffic.correlation(n));
                row.setString(9, traffic.session(n));
                row.setString(10, traffic.workflow(n));
                row.setString(11, traffic.aggregateType(n));
                row.setString(12, traffic.aggregateId(n));
                row.setLong(13, traffic.aggregateVersion(n));
                row.setString(14, traffic.payload(n));
                row.executeUpdate();
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static Answer ask(final PreparedStatement statement, final Object... values)
    {
        try
        {
            for (int i = 0; i < values.length; i++)
            {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery())
            {
                rows.next();
                return new Answer(rows.getLong(1), (long)rows.getDouble(2));
            }
        }
        catch (final SQLException ex)
        {
            throw failed(ex);
        }
    }

    private static MeasurementException failed(final SQLException ex)
    {
        return new MeasurementException("SQLite: " + ex.getMessage());
    }
}
