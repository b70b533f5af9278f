/** Text for terminals and scripts: tables, colours, lines of JSON, numbers with units, and data made harmless. */
package io.sluice.tools.text;
