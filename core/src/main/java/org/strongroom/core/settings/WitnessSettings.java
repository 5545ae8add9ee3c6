package org.strongroom.core.settings;

import java.time.Duration;

/** Somebody elsewhere who signs what the audit log has signed, so that it cannot become another log unseen. Immutable. */
public record WitnessSettings(
        @Setting(text = "Where it answers (C2SP tlog-witness): what stands before /add-checkpoint.") WebAddress address,
        @Setting(text = "Its verifier key, one line: the witness prints it when it starts, and has it in key.pub.")
                WitnessKey key,
        @Setting(
                        text = "A last cosignature older than this is a problem; longer than AnchorInterval.",
                        byDefault = "1 h")
                Duration alarm) {}
