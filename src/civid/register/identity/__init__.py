"""The identity register (dữ liệu căn cước): prints, dossiers, captures, cards, documents."""
