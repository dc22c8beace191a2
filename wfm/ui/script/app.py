"""The app: ``wfm app`` has Streamlit run this file."""

if __name__ == "__main__":
    from wfm.ui.main import main

    main()
