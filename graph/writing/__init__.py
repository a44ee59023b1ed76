"""Writing on behalf of the service: updates one after another, and jobs on documents."""
