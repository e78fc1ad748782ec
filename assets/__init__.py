"""Files that RagDesk brings along: icons, style sheet, models, sample documents."""
