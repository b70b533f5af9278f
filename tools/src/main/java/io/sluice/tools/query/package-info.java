/** What the command {@code query} does. */
package io.sluice.tools.query;
