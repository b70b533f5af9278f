package io.sluice.tools.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns as wide as their widest cell. The first column is set to the left, the others to the right. Not
 * thread-safe.
 */
public final class Table
{
    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final List<Colour> colours = new ArrayList<>();
    private final int[] widths;

    /**
     * @param headings of the columns.
     */
    public Table(final String... headings)
    {
        widths = new int[headings.length];
        row(Colour.BOLD, headings);
    }

    /**
     * @param cells one for each column.
     * @return this.
     */
    public Table row(final String... cells)
    {
        return row(Colour.NONE, cells);
    }

    /**
     * @param colour of the row.
     * @param cells  one for each column.
     * @return this.
     */
    public Table row(final Colour colour, final String... cells)
    {
        if (cells.length != widths.length)
        {
            throw new IllegalArgumentException(cells.length + " cells for " + widths.length + " columns");
        }
        rows.add(cells.clone());
        colours.add(colour);
        for (int i = 0; i < cells.length; i++)
        {
            widths[i] = Math.max(widths[i], cells[i].codePointCount(0, cells[i].length()));
        }
        return this;
    }

    /**
     * @param isColoured true for a terminal that shows colours.
     * @return the lines, without line ends.
     */
    public List<String> lines(final boolean isColoured)
    {
        final List<String> lines = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++)
        {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++)
            {
                final String cell = rows.get(r)[i];
                final String padding = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
                line.append(i == 0 ? "" : GAP).append(i == 0 ? cell + padding : padding + cell);
            }
            final String text = line.toString().stripTrailing();
            lines.add(isColoured ? colours.get(r).paint(text) : text);
        }
        return lines;
    }
}
