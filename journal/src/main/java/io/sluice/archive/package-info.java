/**
 * Archive files: closed journal files, compressed by column, checked, and encrypted if the host has keys.
 */
package io.sluice.archive;
