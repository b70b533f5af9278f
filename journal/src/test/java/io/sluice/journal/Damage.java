package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One random change to a file, or to two, that can be undone. Places where much depends on a byte (headers, ends,
 * starts of lines and excerpts) are hit more often than others.
 */
final class Damage
{
    /** What is done. */
    enum Kind
    {
        FLIP(30),
        FLIPS(10),
        ZEROS(8),
        GARBAGE(10),
        SECTOR_LOST(8),
        PAGE_LOST(4),
        PAGE_MISPLACED(6),
        CUT(14),
        EXTENDED(4),
        REMOVED(3),
        SWAPPED(3);

        private final int weight;

        Kind(final int weight)
        {
            this.weight = weight;
        }
    }

    /** A file as it was; bytes behind the last one that is not zero are not kept. */
    static final class Original
    {
        final Path path;
        final String group;
        private final int weight;
        private final byte[] bytes;
        private final long length;
        private final long[] marks;

        Original(final Path path, final String group, final int weight, final long[] marks) throws IOException
        {
            this.path = path;
            this.group = group;
            this.weight = weight;
            this.marks = marks;
            length = Files.size(path);
            bytes = trimmed(path);
        }

        long length()
        {
            return length;
        }

        /** Write the file, all of it. */
        void writeTo(final Path target) throws IOException
        {
            write(target, bytes, length);
        }

        /** @return true if a file is just like this one. */
        boolean isSame(final Path other) throws IOException
        {
            return Files.exists(other) && Files.size(other) == length && Arrays.equals(bytes, trimmed(other));
        }
    }

    private static final int SECTOR = 512;
    private static final int PAGE = 4096;
    private static final int CHUNK = 1 << 18;

    private final Kind kind;
    private final Original original;
    private final Original other;
    private final String text;
    private byte[] bytes;
    private long length;

    private Damage(final Kind kind, final Random random, final Original original, final Original other)
    {
        this.kind = kind;
        this.original = original;
        this.other = other;
        bytes = original.bytes;
        length = original.length;
        text = change(random);
    }

    /** @return something that makes a difference. */
    static Damage random(final Random random, final List<Original> originals)
    {
        while (true)
        {
            final Original original = pick(random, originals);
            final Damage damage = new Damage(pickKind(random), random, original, pick(random, originals));
            final boolean isSame = damage.length == original.length && damage.bytes != null &&
                Arrays.equals(damage.bytes, original.bytes);
            if (!isSame)
            {
                return damage;
            }
        }
    }

    Kind kind()
    {
        return kind;
    }

    String group()
    {
        return original.group;
    }

    /** @return true if the file is one of those that were changed. */
    boolean isIn(final Path file)
    {
        return file.equals(original.path) || kind == Kind.SWAPPED && file.equals(other.path);
    }

    boolean isInGroup(final String name)
    {
        return original.group.equals(name) || kind == Kind.SWAPPED && other.group.equals(name);
    }

    void apply() throws IOException
    {
        if (bytes == null)
        {
            Files.delete(original.path);
        }
        else
        {
            write(original.path, bytes, length);
        }
        if (kind == Kind.SWAPPED)
        {
            write(other.path, original.bytes, original.length);
        }
    }

    void undo() throws IOException
    {
        original.writeTo(original.path);
        if (kind == Kind.SWAPPED)
        {
            other.writeTo(other.path);
        }
    }

    @Override
    public String toString()
    {
        return text;
    }

    private String change(final Random random)
    {
        final String where = " in " + original.path.getParent().getFileName() + "/" + original.path.getFileName();
        switch (kind)
        {
            case FLIP:
                return flip(random) + where;

            case FLIPS:
                final StringBuilder flips = new StringBuilder();
                for (int i = 2 + random.nextInt(8); i > 0; i--)
                {
                    flips.append(flip(random)).append(' ');
                }
                return flips + where;

            case ZEROS:
                return overwrite(place(random), new byte[1 + random.nextInt(600)]) + where;

            case GARBAGE:
                final int most = random.nextInt(5) == 0 ? 9000 : 40;
                return overwrite(place(random), garbage(random, 1 + random.nextInt(most))) +
                    where;

            case SECTOR_LOST:
                return overwrite(place(random) / SECTOR * SECTOR, new byte[SECTOR]) + where;

            case PAGE_LOST:
                return overwrite(place(random) / PAGE * PAGE, new byte[PAGE]) + where;

            case PAGE_MISPLACED:
                final int unit = random.nextBoolean() ? SECTOR : PAGE;
                final int from = place(random) / unit * unit;
                final byte[] page = Arrays.copyOfRange(Arrays.copyOf(bytes, from + unit), from, from + unit);
                return overwrite(place(random) / unit * unit, page) + where;

            case CUT:
                length = original.length == 0 ? 0 : Math.min(original.length - 1, place(random));
                bytes = Arrays.copyOf(original.bytes, (int)Math.min(length, original.bytes.length));
                return "cut to " + length + where;

            case EXTENDED:
                final byte[] more = garbage(random, 1 + random.nextInt(5000));
                bytes = Arrays.copyOf(original.bytes, (int)original.length + more.length);
                System.arraycopy(more, 0, bytes, (int)original.length, more.length);
                length = bytes.length;
                return "extended by " + more.length + where;

            case REMOVED:
                bytes = null;
                return "removed" + where;

            default:
                bytes = other.bytes;
                length = other.length;
                return "swapped with " + other.path.getFileName() + where;
        }
    }

    private String flip(final Random random)
    {
        final int at = place(random);
        final int bit = random.nextInt(8);
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, at + 1));
        bytes[at] ^= (byte)(1 << bit);
        length = Math.max(length, bytes.length);
        return "bit " + at + "." + bit;
    }

    private String overwrite(final int at, final byte[] with)
    {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length, at + with.length));
        System.arraycopy(with, 0, bytes, at, with.length);
        // Written in place: the file gets no longer.
        if (bytes.length > original.length)
        {
            bytes = Arrays.copyOf(bytes, (int)original.length);
        }
        return "bytes " + at + " to " + (at + with.length);
    }

    private int place(final Random random)
    {
        final int used = Math.max(1, original.bytes.length);
        final int at;
        switch (random.nextInt(8))
        {
            case 0:
            case 1:
                at = original.marks.length == 0 ? random.nextInt(used) :
                    (int)original.marks[random.nextInt(original.marks.length)] + random.nextInt(6) - 1;
                break;

            case 2:
                at = random.nextInt(Math.min(used, 200));
                break;

            case 3:
                at = used - 1 - random.nextInt(Math.min(used, 120));
                break;

            case 4:
                // Behind what is used, where there is room.
                at = used + random.nextInt(5000);
                break;

            default:
                at = random.nextInt(used);
        }
        return (int)Math.max(0, Math.min(at, original.length - 1));
    }

    private static byte[] garbage(final Random random, final int count)
    {
        final byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Original pick(final Random random, final List<Original> originals)
    {
        int left = random.nextInt(originals.stream().mapToInt((file) -> file.weight).sum());
        int i = 0;
        while (left >= originals.get(i).weight)
        {
            left -= originals.get(i++).weight;
        }
        return originals.get(i);
    }

    private static Kind pickKind(final Random random)
    {
        final List<Kind> kinds = new ArrayList<>();
        for (final Kind kind : Kind.values())
        {
            for (int i = 0; i < kind.weight; i++)
            {
                kinds.add(kind);
            }
        }
        return kinds.get(random.nextInt(kinds.size()));
    }

    private static void write(final Path target, final byte[] content, final long size) throws IOException
    {
        try (FileChannel channel =
            FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            channel.truncate(content.length);
            final ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining())
            {
                channel.write(buffer, buffer.position());
            }
            if (size > content.length)
            {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
        }
    }

    private static byte[] trimmed(final Path file) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
            byte[] content = new byte[0];
            int used = 0;
            long at = 0;
            while (channel.read(chunk.clear(), at) > 0)
            {
                int last = chunk.position();
                while (last > 0 && chunk.get(last - 1) == 0)
                {
                    last--;
                }
                if (last > 0)
                {
                    used = (int)at + last;
                    content = Arrays.copyOf(content, used);
                    System.arraycopy(chunk.array(), 0, content, (int)at, last);
                }
                at += chunk.position();
            }
            return content;
        }
    }
}
