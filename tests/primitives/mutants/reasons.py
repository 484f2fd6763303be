# SPDX-License-Identifier: MIT
"""Why a mutant survives: (file, function, what was changed[, which of several]) -> reason."""

REASONS = {
}
