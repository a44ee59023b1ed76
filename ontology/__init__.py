"""What things are called: classes, properties, concept schemes, shapes and questions."""
