/**
 * Settings of an engine from a file: YAML or properties, the names of {@code EngineContext}, no name that it does not
 * know.
 */
package io.sluice.tools.config;
