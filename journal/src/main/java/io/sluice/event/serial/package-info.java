/**
 * Payloads as values: which serializer turns a class into bytes of a content type, and back.
 *
 * <pre>
 *   value ──► EventBuilder.payload(value, serializer) ──► payload bytes + content type
 *   EventFlyweight ──► PayloadReader (one class) ──► the serializer of class and content type ──► value
 * </pre>
 *
 * {@link io.sluice.event.serial.PayloadSerializers} holds texts, bytes, JSON as a map, and what the class path or the
 * host adds: Protobuf comes with {@code sluice-handlers}, SBE with the flyweights of the host, and the binding of JSON
 * to the host's own classes with whatever library it has. Hosts use all public types of this package; it knows nothing
 * of journals and engines.
 */
package io.sluice.event.serial;
