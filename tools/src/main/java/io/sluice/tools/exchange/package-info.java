/** What the commands {@code export} and {@code import} do, and the bar that shows how far they are. */
package io.sluice.tools.exchange;
