package io.sluice.perf.project;

import java.util.ArrayList;
import java.util.List;

/** The code blocks of a Markdown page. */
final class CodeBlocks
{
    private static final String FENCE = "```";

    private CodeBlocks()
    {
    }

    static List<String> of(final String page, final String language)
    {
        final List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        for (final String line : Checkout.read(page).lines().toList())
        {
            if (block != null && line.equals(FENCE))
            {
                blocks.add(block.toString());
                block = null;
            }
            else if (block != null)
            {
                block.append(line).append('\n');
            }
            else if (line.equals(FENCE + language))
            {
                block = new StringBuilder();
            }
        }
        return blocks;
    }
}
