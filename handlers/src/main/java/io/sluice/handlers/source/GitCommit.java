package io.sluice.handlers.source;

import java.util.List;

/**
 * One commit as git prints it.
 *
 * @param hash        in hexadecimal.
 * @param parents     hashes, the first one first.
 * @param author      name.
 * @param email       of the author.
 * @param timeSeconds committed, seconds since 1970 UTC.
 * @param subject     first paragraph of the message, as one line.
 * @param changes     against the only parent, or against nothing for a root; empty for a merge.
 */
record GitCommit(
    String hash,
    List<String> parents,
    String author,
    String email,
    long timeSeconds,
    String subject,
    List<GitChange> changes)
{
}
