"""What charts are drawn with: style, palette, fonts, labels, annotations, the axis of periods."""
