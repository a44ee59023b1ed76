"""The extractor `llm`: asks a language model, and believes nothing that is not in the text.

    chunks -> instructions -> exchange (ledger) -> answers -> quotes -> gather

Any address that speaks the chat protocol of OpenAI will do. Each part of a text is asked about by
itself; answers are kept on disk, so that nothing is paid for twice.
"""
