package io.sluice.perf.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MarkupTest
{
    @Test
    void shouldEscapeWhatItIsGivenWhenItLooksLikeMarkup()
    {
        final String text = new Markup().begin("p", "title", "a \"b\" <c> & 'd'")
            .text("</p><script>alert(1)</script> & more").end().toString();

        assertEquals("<p title=\"a &quot;b&quot; &lt;c&gt; &amp; 'd'\">" +
            "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>", text);
    }

    @Test
    void shouldReplaceCharactersWhenNoDocumentMayHaveThem()
    {
        assertEquals("<p>a\uFFFDb\uFFFDc\uFFFDd\ne é 😀</p>",
            new Markup().element("p", "a\u0000b\u001bc\uD800d\ne é 😀").toString());
    }

    @Test
    void shouldWriteEndsWhenAnElementHasNothingInIt()
    {
        assertEquals("<ul class=\"x\"></ul><br/>", new Markup().begin("ul", "class", "x").end().empty("br").toString());
    }

    @Test
    void shouldRefuseAnAttributeWhenItHasNoValue()
    {
        assertThrows(IllegalArgumentException.class, () -> new Markup().begin("p", "class"));
    }

    @Test
    void shouldWriteAPointWhenNumbersAreWritten()
    {
        assertEquals("1234.5", Markup.number(1234.54));
        assertEquals("-0.1", Markup.number(-0.06));
    }
}
