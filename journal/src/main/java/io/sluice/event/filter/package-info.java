/**
 * The filter language: conditions on events, for subscriptions, routes, tails, queries, replays and exports alike. A
 * superset of the CloudEvents SQL expression language 1.0.
 *
 * <pre>
 *   text ──► FilterReader (grammar Filter.g4) ─┐
 *   EventFilterBuilder ────────────────────────┼─► Expression ──► NodeFactory ──► Node ◄── EventFlyweight
 *   FilterDialects (JSON) ─────────────────────┘   (a tree)                       true, false or an error
 * </pre>
 *
 * <pre>
 *   =  !=  &lt;&gt;  &lt;  &lt;=  &gt;  &gt;=          after casts; times, priorities and categories by name
 *   AND  OR  XOR  NOT                a missing or unusable value is unknown, as NULL in SQL
 *   +  -  *  /  %                    64 bits; decimals where one side has some
 *   x LIKE 'a%b_c*'                  % and * any run, _ one character, \ before them takes it away
 *   x MATCHES 'pipeline.*'           a topic pattern
 *   x REGEXP 'time-?out'             found somewhere; the syntax of RE2, linear in the text
 *   x CONTAINS y                     a text in a text, or an element in an array
 *   x IN (a, b)   EXISTS x           also NOT IN, NOT LIKE and so on
 *   INT BOOL STRING TIME ABS LENGTH CONCAT CONCAT_WS LOWER UPPER TRIM LEFT RIGHT SUBSTRING
 *   payload.a.b[0]  metadata['x-y']  paths into JSON; null is absent
 *   type, source, timestamp, …       fields, with the aliases of the event's JSON and of CloudEvents, in any case
 *   anything else                    a member of the metadata, as CloudEvents' extension attributes are
 * </pre>
 *
 * An event matches if the filter is true and no error decided. Words that SQL and CloudEvents SQL would read
 * differently ({@code a OR b AND c}, {@code NOT a = b}) are refused with both ways to write them.
 */
package io.sluice.event.filter;
