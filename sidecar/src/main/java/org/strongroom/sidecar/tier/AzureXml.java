package org.strongroom.sidecar.tier;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The two lists that the blob service sends. Without document types, so without anything that is fetched or expanded. */
final class AzureXml {
    /**
     * A piece of the list of blobs.
     *
     * @param next where the next piece begins; empty if there is none
     */
    record Page(List<Blob> blobs, String next) {}

    /**
     * A blob, or a version or snapshot of one; texts are empty where the list says nothing.
     *
     * @param size 0 if it has only blocks that are not committed
     * @param metadata by name in lower case
     * @param version the one that this is, in an account that keeps versions
     * @param current whether that is the one that is read by the blob's name
     * @param snapshot the one that this is
     * @param deleted whether it can only be brought back, for so many {@code daysLeft}
     */
    record Blob(
            String name,
            long size,
            Map<String, String> metadata,
            String version,
            boolean current,
            String snapshot,
            boolean deleted,
            long daysLeft) {
        /** Whether it is read by the blob's name. */
        boolean isSeen() {
            return !deleted && snapshot.isEmpty() && (version.isEmpty() || current);
        }
    }

    /** A block that was sent and not committed. */
    record Block(String id, long size) {}

    private AzureXml() {}

    /** @throws XMLStreamException if this is no list of blobs */
    static Page page(byte[] xml) throws XMLStreamException {
        XMLStreamReader in = open(xml, "EnumerationResults");
        List<Blob> blobs = new ArrayList<>();
        String next = "";
        while (in.hasNext()) {
            if (in.next() == XMLStreamReader.START_ELEMENT) {
                if (in.getLocalName().equals("Blob")) {
                    blobs.add(blob(in));
                } else if (in.getLocalName().equals("NextMarker")) {
                    next = in.getElementText();
                }
            }
        }
        return new Page(blobs, next);
    }

    private static Blob blob(XMLStreamReader in) throws XMLStreamException {
        String name = "";
        String version = "";
        String snapshot = "";
        boolean current = false;
        boolean deleted = false;
        long size = 0;
        long daysLeft = 0;
        Map<String, String> metadata = new TreeMap<>();
        boolean inMetadata = false;
        while (!ends(in, "Blob")) {
            if (in.getEventType() == XMLStreamReader.END_ELEMENT) {
                inMetadata &= !in.getLocalName().equals("Metadata");
            } else if (in.getEventType() == XMLStreamReader.START_ELEMENT) {
                String element = in.getLocalName();
                if (inMetadata) {
                    metadata.put(element.toLowerCase(Locale.ROOT), in.getElementText());
                } else if (element.equals("Metadata")) {
                    inMetadata = true;
                } else {
                    switch (element) {
                        case "Name" -> name = in.getElementText();
                        case "Content-Length" -> size = number(in);
                        case "VersionId" -> version = in.getElementText();
                        case "IsCurrentVersion" -> current = isTrue(in);
                        case "Snapshot" -> snapshot = in.getElementText();
                        case "Deleted" -> deleted = isTrue(in);
                        case "RemainingRetentionDays" -> daysLeft = number(in);
                        default -> {} // what nobody here asks for
                    }
                }
            }
        }
        return new Blob(name, size, metadata, version, current, snapshot, deleted, daysLeft);
    }

    /** @throws XMLStreamException if this is no list of blocks */
    static List<Block> uncommittedBlocks(byte[] xml) throws XMLStreamException {
        XMLStreamReader in = open(xml, "BlockList");
        List<Block> blocks = new ArrayList<>();
        while (in.hasNext()) {
            if (in.next() == XMLStreamReader.START_ELEMENT && in.getLocalName().equals("Block")) {
                blocks.add(block(in));
            }
        }
        return blocks;
    }

    private static Block block(XMLStreamReader in) throws XMLStreamException {
        String id = "";
        long size = 0;
        while (!ends(in, "Block")) {
            if (in.getEventType() == XMLStreamReader.START_ELEMENT) {
                if (in.getLocalName().equals("Name")) {
                    id = in.getElementText();
                } else if (in.getLocalName().equals("Size")) {
                    size = number(in);
                }
            }
        }
        return new Block(id, size);
    }

    /** Goes one step; whether that was the end of {@code element}. */
    private static boolean ends(XMLStreamReader in, String element) throws XMLStreamException {
        return in.next() == XMLStreamReader.END_ELEMENT && in.getLocalName().equals(element);
    }

    private static boolean isTrue(XMLStreamReader in) throws XMLStreamException {
        return in.getElementText().equalsIgnoreCase("true");
    }

    private static long number(XMLStreamReader in) throws XMLStreamException {
        String text = in.getElementText();
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new XMLStreamException("not a number", e);
        }
    }

    private static XMLStreamReader open(byte[] xml, String root) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
        in.nextTag();
        in.require(XMLStreamReader.START_ELEMENT, null, root);
        return in;
    }
}
