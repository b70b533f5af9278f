/** Looks after what lies on disk and under it: verify and repair a journal, check the machine. */
package io.sluice.tools.check;
