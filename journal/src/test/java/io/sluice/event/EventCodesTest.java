package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.codec.CategoryCode;
import io.sluice.event.codec.ContentTypeCode;
import io.sluice.event.codec.PriorityCode;
import io.sluice.event.codec.VerdictCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Priority, category, verdict, content type: the values that a record holds as codes; and the small classes beside
 * them.
 */
class EventCodesTest
{
    @Test
    void shouldAgreeWithTheSchemaWhenCodesAreCompared()
    {
        for (final Priority priority : Priority.values())
        {
            assertEquals(PriorityCode.valueOf(priority.name()).value(), priority.code());
            assertSame(priority, Priority.of(priority.code()));
        }
        for (final Category category : Category.values())
        {
            assertEquals(CategoryCode.valueOf(category.name()).value(), category.code());
            assertSame(category, Category.of(category.code()));
        }
        for (final Verdict verdict : Verdict.values())
        {
            assertEquals(VerdictCode.valueOf(verdict.name()).value(), verdict.code());
            assertSame(verdict, Verdict.of(verdict.code()));
            assertEquals(verdict.name().startsWith("DUPLICATE"), verdict.isDuplicate());
        }
        for (final ContentType type : ContentType.values())
        {
            assertEquals(ContentTypeCode.valueOf(type.name()).value(), type.code());
            assertSame(type, ContentType.of(type.code()));
        }
        assertEquals(4, Priority.COUNT);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5, 100})
    void shouldNameTheCodesWhenOneIsOutOfRange(final int code)
    {
        assertMessage("use a code from 0 (critical) to 3 (low)", () -> Priority.of(code));
        assertMessage("use a code from 0 (domain) to 4 (plugin)", () -> Category.of(code));
        assertMessage("damaged or of a newer version", () -> Verdict.of(code));
        assertSame(ContentType.OTHER, ContentType.of(code));
    }

    @Test
    void shouldParseANameWhenItIsInAnyCase()
    {
        assertSame(Priority.CRITICAL, Priority.parse(" Critical "));
        assertSame(Priority.LOW, Priority.parse("3"));
        assertSame(Category.UI, Category.parse("ui"));
        assertSame(Category.PLUGIN, Category.parse("PLUGIN"));
        assertEquals("high", Priority.HIGH.label());
        assertEquals("domain", Category.DOMAIN.label());
        assertMessage("priority '33' is not valid: use critical, high, normal or low", () -> Priority.parse("33"));
        assertMessage("priority '' is not valid", () -> Priority.parse(""));
        assertMessage(
            "category 'x' is not valid: use domain, system, integration, ui or plugin", () -> Category.parse("x"));
    }

    @Test
    void shouldFindTheCodeWhenAMediaTypeHasOne()
    {
        assertSame(ContentType.JSON, ContentType.ofMediaType(" application/JSON"));
        assertSame(ContentType.BINARY, ContentType.ofMediaType("application/octet-stream"));
        assertSame(ContentType.OTHER, ContentType.ofMediaType("application/json; charset=utf-8"));
        assertSame(ContentType.OTHER, ContentType.ofMediaType(""));
        assertEquals("", ContentType.OTHER.mediaType());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "pipeline.stage.completed", "\u00e4.\ud83d\ude00", "a-b_c/d:e"})
    void shouldAcceptATypeWhenItIsInDotNotation(final String type)
    {
        EventTypes.validate(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a b", "a.\t", "a.*", "*", "a\u0000", "a\u2028b", "\u0085"})
    void shouldRefuseATypeWhenItIsNotInDotNotation(final String type)
    {
        final EventValidationException ex =
            assertThrows(EventValidationException.class, () -> EventTypes.validate(type));
        assertEquals("type", ex.field());
    }

    @Test
    void shouldShortenTheValueWhenAMessageWouldBeLong()
    {
        final EventValidationException ex = new EventValidationException("f", "x".repeat(61), "r");
        assertEquals("f '" + "x".repeat(60) + "\u2026 (61 characters)' is not valid: r", ex.getMessage());
        assertEquals("f '" + "x".repeat(60) + "' is not valid: r",
            new EventValidationException("f", "x".repeat(60), "r").getMessage());
    }

    @Test
    void shouldKeepTheCauseWhenAnExceptionHasOne()
    {
        final Exception cause = new Exception("why");
        for (final EventException ex : new EventException[]{
            new EventException("m", cause), new EventStorageException("m", cause), new EventStreamException("m", cause),
            new EventFilterException("m", cause)})
        {
            assertSame(cause, ex.getCause());
            assertEquals("m", ex.getMessage());
        }
        for (final EventException ex : new EventException[]{
            new EventException("m"), new EventStorageException("m"), new EventStreamException("m"),
            new EventFilterException("m")})
        {
            assertEquals("m", ex.getMessage());
        }
    }

    @Test
    void shouldCountFieldsWhenAsked()
    {
        assertEquals(EventField.COUNT, EventField.values().length);
        int prefixes = 0;
        for (final EventField field : EventField.values())
        {
            prefixes += field.prefixLength();
            assertTrue(field.minLength() <= field.maxLength());
            assertFalse(field.label().isEmpty());
        }
        assertEquals(EventDescriptor.MIN_RECORD_LENGTH, EventDescriptor.FIXED_LENGTH + prefixes);
    }

    private static void assertMessage(final String part, final Executable call)
    {
        final EventValidationException ex = assertThrows(EventValidationException.class, call);
        assertTrue(ex.getMessage().contains(part), ex.getMessage());
    }
}
