package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with the key of one file. A nonce is the number of the block: the key is random and the file's own, and
 * no number is sealed twice under it. Not thread-safe.
 */
final class FileCipher implements AutoCloseable
{
    /** Stands for the directory in place of a block's number. */
    static final int DIRECTORY = -1;

    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = TAG_LENGTH * 8;

    private final byte[] key;
    private final byte[] header;
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private final Cipher cipher;
    private final SecretKeySpec keySpec;

    /**
     * @param key    of the file; wiped on close.
     * @param header of the file, which every tag covers.
     */
    FileCipher(final byte[] key, final byte[] header)
    {
        this.key = key;
        this.header = header;
        keySpec = new SecretKeySpec(key, "AES");
        cipher = cipher();
    }

    /** @return a new key. */
    static byte[] newKey()
    {
        final byte[] key = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(key);
        return key;
    }

    byte[] key()
    {
        return key;
    }

    /** Append cipher text and tag to a sink. */
    void seal(
        final int number,
        final byte[] label,
        final int labelLength,
        final byte[] plain,
        final int length,
        final ByteSink target)
    {
        try
        {
            start(Cipher.ENCRYPT_MODE, number, label, labelLength);
            target.ensureRoom(length + TAG_LENGTH);
            final int written = cipher.doFinal(plain, 0, length, target.array(), target.length());
            target.length(target.length() + written);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("AES-GCM is not as every Java platform has it: " + ex.getMessage());
        }
    }

    /** Put plain text in a sink, in place of what it holds; false if the tag does not fit. */
    boolean open(
        final int number,
        final byte[] label,
        final int labelLength,
        final byte[] sealed,
        final int offset,
        final int length,
        final ByteSink target)
    {
        try
        {
            start(Cipher.DECRYPT_MODE, number, label, labelLength);
            target.clear();
            target.ensureRoom(length);
            target.length(cipher.doFinal(sealed, offset, length, target.array(), 0));
            return true;
        }
        catch (final AEADBadTagException ex)
        {
            return false;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("AES-GCM is not as every Java platform has it: " + ex.getMessage());
        }
    }

    /** Encrypt a key with another one; appended to a sink behind a random nonce. */
    static void wrap(final byte[] hostKey, final byte[] label, final byte[] fileKey, final ByteSink target)
    {
        final byte[] nonce = new byte[NONCE_LENGTH];
        new SecureRandom().nextBytes(nonce);
        target.put(nonce, 0, NONCE_LENGTH);
        try
        {
            final Cipher cipher = cipher();
            cipher.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(hostKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(label);
            final byte[] wrapped = cipher.doFinal(fileKey);
            target.put(wrapped, 0, wrapped.length);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("AES-GCM is not as every Java platform has it: " + ex.getMessage());
        }
    }

    /** @return the key that {@link #wrap} encrypted; null if the other key is not the one. */
    static byte[] unwrap(final byte[] hostKey, final byte[] label, final byte[] wrapped, final int offset)
    {
        try
        {
            final Cipher cipher = cipher();
            cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(hostKey, "AES"),
                new GCMParameterSpec(TAG_BITS, wrapped, offset, NONCE_LENGTH));
            cipher.updateAAD(label);
            return cipher.doFinal(wrapped, offset + NONCE_LENGTH, KEY_LENGTH + TAG_LENGTH);
        }
        catch (final AEADBadTagException ex)
        {
            return null;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("AES-GCM is not as every Java platform has it: " + ex.getMessage());
        }
    }

    @Override
    public void close()
    {
        Arrays.fill(key, (byte)0);
    }

    private void start(final int mode, final int number, final byte[] label, final int labelLength)
        throws GeneralSecurityException
    {
        for (int i = 0; i < Integer.BYTES; i++)
        {
            nonce[NONCE_LENGTH - 1 - i] = (byte)(number >>> 8 * i);
        }
        cipher.init(mode, keySpec, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(label, 0, labelLength);
    }

    private static Cipher cipher()
    {
        try
        {
            return Cipher.getInstance(ALGORITHM);
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("this Java platform has no " + ALGORITHM, ex);
        }
    }
}
