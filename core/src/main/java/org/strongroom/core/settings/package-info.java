/**
 * The {@code "Strongroom"} section of Orthanc's configuration, and the few of Orthanc's own settings that matter here, as
 * records. Each setting is declared once, as a record component with {@link org.strongroom.core.settings.Setting}: the
 * parser, the hand-over file, the JSON Schema and docs/settings.md all come from that declaration. The plugin parses what
 * Orthanc merged; commands parse files; the sidecar parses the hand-over.
 */
package org.strongroom.core.settings;
