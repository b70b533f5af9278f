package io.sluice.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonShapeTest
{
    private final JsonShape json = new JsonShape();
    private final Map<String, Integer> columns = new HashMap<>();
    private final PlaceColumns places = (isPayload, kind, place) ->
        columns.computeIfAbsent(isPayload + " " + kind + " " + place, key -> columns.size());

    @Test
    void shouldTakeValuesOutWhenTextIsJson()
    {
        assertEquals(List.of("Edit", "12", "true"), split("{\"tool\":\"Edit\",\"ms\":12,\"ok\":true}"));
        assertEquals("J{\"tool\":\u0001,\"ms\":\u0002,\"ok\":\u0003}", shape());
        assertEquals(List.of("a\\\"b", "", "-7", "0"), split(" [".trim() + "\"a\\\"b\", \"\" ,-7,\n0]"));
        assertEquals("J[\u0001, \u0001 ,\u0002,\n\u0002]", shape());
        assertEquals(List.of("1.5", "-0", "01", "1e9", "null", "1234567890123456789"),
            split("[1.5,-0,01,1e9,null,1234567890123456789]"));
        assertEquals("J[" + "\u0003,".repeat(5) + "\u0003]", shape());
        assertEquals(List.of(), split("{}"));
    }

    @Test
    void shouldLeaveTextAloneWhenItCannotComeTogetherAgain()
    {
        final String[] texts = {
            "", "{", "x", "\"a\"", "12", "{\"a", "{\"a\\\"", "[1,2}}", "[truish]", "[\u0001]", "{\"a\u0002b\":1}",
            "[+x]", "[\\]", "[".repeat(40)};
        for (final String text : texts)
        {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            final boolean isSplit = json.split(bytes, 0, bytes.length);
            assertEquals("[1,2}}".equals(text) ? false : isSplit, isSplit);
            if (isSplit)
            {
                assertTrue("{".equals(text), text);
            }
        }
    }

    @Test
    void shouldFindTheSamePlacesWhenReadFromTheShape()
    {
        final String[] texts = {
            "{\"a\":1,\"b\":{\"a\":2,\"c\":[3,4,{\"a\":5}]}}", "[[1],[2,[3]]]", "{\"x\":\"s\",\"x\":\"t\",\"y\":7}",
            "{\"a\" \"b\" : 1 , 2}", "{\"n\\\"m\":1}"};
        final int[][] expected = {{0, 1, 2, 2, 3}, {0, 0, 1}, {0, 0, 1}, {0, 1, 1}, {0}};
        for (int i = 0; i < texts.length; i++)
        {
            columns.clear();
            split(texts[i]);
            final Shape shape = Shape.read(json.shape().array(), 0, json.shape().length(), true, places);
            final int[] found = new int[shape.places()];
            for (int place = 0; place < found.length; place++)
            {
                found[place] = shape.column(place);
            }
            assertEquals(json.count(), found.length, texts[i]);
            assertArrayEquals(expected[i], found, texts[i]);
        }
    }

    @Test
    void shouldKeepPayloadAndMetadataApartWhenPlacesAreTheSame()
    {
        split("{\"a\":\"x\"}");
        final Shape payload = Shape.read(json.shape().array(), 0, json.shape().length(), true, places);
        final Shape metadata = Shape.read(json.shape().array(), 0, json.shape().length(), false, places);
        assertFalse(payload.column(0) == metadata.column(0));
    }

    @Test
    void shouldRefuseWhenAShapeIsNone()
    {
        for (final String text : new String[] {"", "X", "J}", "J{\"a", "J" + "[".repeat(40)})
        {
            final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThrows(MalformedException.class, () -> Shape.read(bytes, 0, bytes.length, true, places), text);
        }
    }

    private List<String> split(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertTrue(json.split(bytes, 0, bytes.length), text);
        final List<String> values = new ArrayList<>();
        for (int i = 0; i < json.count(); i++)
        {
            values.add(new String(bytes, json.offset(i), json.length(i), StandardCharsets.UTF_8));
        }
        return values;
    }

    private String shape()
    {
        return new String(json.shape().array(), 0, json.shape().length(), StandardCharsets.UTF_8);
    }
}
